//! Who wrote a deck, and with which tables: a note behind the deck, which its digest does not cover.
//!
//! ```text
//! 0    mark, 8 bytes            "DNXNOTE\n"
//! 8    length of the text, u32
//! 12   reserved, u32
//! 16   text: lines of a name, a space and a value
//! end  BLAKE3 of the digest of the deck and of the note before this, 32 bytes
//! ```
//!
//! Equal rows are one deck, whoever compiles them, so what differs from writer to writer stands outside of
//! what gives the digest. The note has a check of its own, which holds it to its deck; no answer reads it.

use crate::build::Label;
use crate::error::OpenError;
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

const MARK: [u8; 8] = *b"DNXNOTE\n";
const CHECK: usize = blake3::OUT_LEN;

/// A note is a few lines.
const MOST: usize = 1 << 16;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Header {
    mark: [u8; 8],
    length: U32,
    reserved: U32,
}

/// Lines as the bytes of a note behind a deck of this digest. A line that would not be read again is left out.
pub(crate) fn write(digest: &[u8], lines: &[Label]) -> Vec<u8> {
    let mut text = String::new();
    for (name, value) in lines {
        let is_line = !name.is_empty() && !name.contains([' ', '\n']) && !value.contains('\n');
        if is_line && text.len() + name.len() + value.len() + 2 <= MOST {
            text += &format!("{name} {value}\n");
        }
    }
    let header = Header { mark: MARK, length: (text.len() as u32).into(), reserved: 0.into() };
    let mut note = [header.as_bytes(), text.as_bytes()].concat();
    let check = check(digest, &note);
    note.extend_from_slice(check.as_bytes());
    note
}

/// Whether bytes behind a deck can be a note, or there are none; looks at its header alone.
pub(crate) fn fits(bytes: &[u8]) -> bool {
    let Ok((header, rest)) = Header::ref_from_prefix(bytes) else { return bytes.is_empty() };
    let length = header.length.get() as usize;
    header.mark == MARK && length <= MOST && header.reserved.get() == 0 && rest.len() == length + CHECK
}

/// The lines of a note behind a deck of this digest.
pub(crate) fn read(digest: &[u8], bytes: &[u8]) -> Result<Vec<Label>, OpenError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let (body, stored) = bytes.split_at(bytes.len().saturating_sub(CHECK));
    if check(digest, body).as_bytes() != stored {
        return Err(OpenError::Note);
    }
    let text = body.get(size_of::<Header>()..).unwrap_or_default();
    let text = std::str::from_utf8(text).map_err(|_| OpenError::Note)?;
    let line = |line: &str| line.split_once(' ').map(|(name, value)| (name.to_owned(), value.to_owned()));
    text.lines().map(|words| line(words).ok_or(OpenError::Note)).collect()
}

fn check(digest: &[u8], body: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(digest).update(body);
    hasher.finalize()
}
