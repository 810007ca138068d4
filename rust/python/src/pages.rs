//! Memory of our own for long columns, which waits for the next column when one is freed.
//!
//! Fresh memory costs a fault for every page of four kilobytes, and the clearing of it: for ten million
//! amounts more time than to compute them. So long columns begin where a page of two megabytes does, as
//! numpy asks for them. And columns come and go with every batch, so that one which is freed is kept
//! for the next of its size. Linux may take the large pages of what is kept whenever it runs short.
//!
//! What is kept belongs to no thread, and nobody waits for its lock: who finds it taken, as a forked child
//! may for ever, turns to the system.

use memmap2::MmapMut;
#[cfg(target_os = "linux")]
use memmap2::{Advice, UncheckedAdvice};
use std::sync::Mutex;

/// Bytes of a large page.
const LARGE: usize = 2 << 20;
/// Sizes are multiples of this, so that batches of about as many rows share what is kept.
const STEP: usize = 64 << 10;
/// Bytes that are kept at most: the columns of some two million answers, all fields.
const MOST: usize = 256 << 20;

/// Stretches that nobody uses, the eldest in front.
static KEPT: Mutex<Vec<Stretch>> = Mutex::new(Vec::new());

/// A part of fresh memory; what is before and behind is never touched, and so takes none.
struct Stretch {
    map: MmapMut,
    begin: usize,
    bytes: usize,
}

/// A stretch in use. What stands in it is whatever stood there before.
pub struct Pages(Option<Stretch>);

impl Pages {
    /// So many bytes, or somewhat more; `None` where the system has none.
    pub fn new(bytes: usize) -> Option<Self> {
        let bytes = bytes.checked_next_multiple_of(STEP)?.max(STEP);
        take(bytes).or_else(|| Stretch::new(bytes)).map(|stretch| Self(Some(stretch)))
    }

    /// All of them.
    pub fn bytes(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Some(stretch) => &mut stretch.map[stretch.begin..][..stretch.bytes],
            None => &mut [],
        }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        if let (Some(stretch), Ok(mut kept)) = (self.0.take(), KEPT.try_lock()) {
            keep(&mut kept, stretch);
        }
    }
}

impl Stretch {
    /// Of the system, which is asked for large pages as far as the bytes fill such.
    fn new(bytes: usize) -> Option<Self> {
        let spare = if bytes < LARGE { 0 } else { LARGE };
        let map = MmapMut::map_anon(bytes.checked_add(spare)?).ok()?;
        let place = map.as_ptr() as usize;
        let begin = if spare == 0 { 0 } else { place.next_multiple_of(LARGE) - place };
        // If the advice is not taken, nothing is lost.
        #[cfg(target_os = "linux")]
        if spare > 0 {
            map.advise_range(Advice::HugePage, begin, bytes - bytes % LARGE).ok();
        }
        Some(Self { map, begin, bytes })
    }
}

/// A kept stretch of this size, or of somewhat more. If there is none, as many kept bytes go back as are
/// wanted now, so that keeping never needs more memory than was in use before.
fn take(bytes: usize) -> Option<Stretch> {
    let mut kept = KEPT.try_lock().ok()?;
    let fits = |stretch: &Stretch| (bytes..=bytes + bytes / 4).contains(&stretch.bytes);
    if let Some(place) = kept.iter().rposition(fits) {
        return Some(kept.remove(place));
    }
    let mut left = bytes;
    let elder = kept.iter().take_while(|stretch| {
        let is_wanted = left > 0;
        left = left.saturating_sub(stretch.bytes);
        is_wanted
    });
    let elder = elder.count();
    kept.drain(..elder);
    None
}

/// Keep a stretch, and of those before it as many as may be.
fn keep(kept: &mut Vec<Stretch>, stretch: Stretch) {
    // Not of short ones: each page of four kilobytes is then marked as written anew, which takes as long as
    // to fill it.
    // SAFETY: nobody uses the stretch, and who takes it writes it anew: zeros will do as well.
    #[cfg(target_os = "linux")]
    if stretch.bytes >= LARGE {
        unsafe {
            stretch.map.unchecked_advise_range(UncheckedAdvice::Free, stretch.begin, stretch.bytes).ok()
        };
    }
    kept.push(stretch);
    let mut sum = 0;
    let younger = kept.iter().rev().take_while(|stretch| {
        sum += stretch.bytes;
        sum <= MOST
    });
    let elder = kept.len() - younger.count();
    kept.drain(..elder);
}
