//! Arrow's string views: sixteen bytes a text, which stands in them or in one of several buffers.

/// Bytes of a text that stand in its view.
pub const INLINE: usize = 12;

/// Bytes of a buffer that views can lead to: Arrow's offsets are signed, of 32 bits.
pub const MOST: usize = i32::MAX as usize;

/// The view of a text that stands in a buffer at an offset, if it does not fit the view itself.
pub fn string_view(text: &[u8], buffer: u32, offset: u32) -> u128 {
    let length = text.len() as u128;
    if text.len() <= INLINE {
        text.iter().rev().fold(0_u128, |word, byte| word << 8 | u128::from(*byte)) << 32 | length
    } else {
        let start = u32::from_le_bytes([text[0], text[1], text[2], text[3]]);
        u128::from(offset) << 96 | u128::from(buffer) << 64 | u128::from(start) << 32 | length
    }
}

/// Texts on their way into buffers, none of which is longer than views can state.
#[derive(Debug)]
pub struct Buffers {
    all: Vec<Vec<u8>>,
    most: usize,
    /// Of the first of them, among others.
    number: usize,
}

impl Default for Buffers {
    fn default() -> Self {
        Self::of(MOST)
    }
}

impl Buffers {
    /// Buffers of at most so many bytes each; a longer text has one of its own.
    pub fn of(most: usize) -> Self {
        Self { all: vec![Vec::new()], most: most.min(MOST), number: 0 }
    }

    /// Buffers that stand behind so many others.
    pub fn from_number(number: usize) -> Self {
        Self { number, ..Self::default() }
    }

    /// Take a text; its view.
    pub fn push(&mut self, text: &[u8]) -> u128 {
        if text.len() > INLINE && self.all.last().is_none_or(|last| last.len() + text.len() > self.most) {
            self.all.push(Vec::new());
        }
        let number = self.number + self.all.len() - 1;
        let Some(last) = self.all.last_mut().filter(|_| text.len() > INLINE) else {
            return string_view(text, 0, 0);
        };
        let offset = last.len();
        last.extend_from_slice(text);
        string_view(text, number as u32, offset as u32)
    }

    /// The buffers, of which there is at least one.
    pub fn finish(self) -> Vec<Vec<u8>> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffers, INLINE};

    #[test]
    fn a_buffer_that_is_full_is_followed_by_another() {
        let mut buffers = Buffers::of(40);
        let texts: Vec<String> = (0..9).map(|at| "9".repeat(11 + at % 5)).collect();
        let views: Vec<u128> = texts.iter().map(|text| buffers.push(text.as_bytes())).collect();
        let buffers = buffers.finish();
        assert!(buffers.len() > 2 && buffers.iter().all(|buffer| buffer.len() <= 40));
        for (text, view) in texts.iter().zip(views) {
            let length = view as u32 as usize;
            let place = |shift: u32| (view >> shift) as u32 as usize;
            let found = match length {
                0..=INLINE => view.to_le_bytes()[4..4 + length].to_vec(),
                _ => buffers[place(64)][place(96)..place(96) + length].to_vec(),
            };
            assert_eq!(found, text.as_bytes());
        }
    }
}
