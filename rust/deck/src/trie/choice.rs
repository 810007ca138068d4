//! By which instructions a block is walked: the widest that the processor has, or others for tests and benches.

#[cfg(target_arch = "x86_64")]
use super::half::Half;
#[cfg(target_arch = "x86_64")]
use super::wide::Wide;

/// A walk that this processor can do. There is none that it cannot.
#[derive(Clone, Copy, Debug)]
pub struct Walk(pub(super) Kind);

/// Each with the proof that the processor has the instructions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(Half),
    #[cfg(target_arch = "x86_64")]
    Avx512(Wide),
}

impl Walk {
    /// Those of this processor, the widest first; the portable one is always there.
    pub fn all() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let wider = [Wide::new().map(Kind::Avx512), Half::new().map(Kind::Avx2)];
        #[cfg(not(target_arch = "x86_64"))]
        let wider: [Option<Kind>; 0] = [];
        wider.into_iter().flatten().chain([Kind::Portable]).map(Self).collect()
    }

    /// The one with this name, if the processor has it.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|walk| walk.name() == name)
    }

    /// `portable`, `avx2` or `avx512`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512",
        }
    }
}

impl Default for Walk {
    /// The widest.
    fn default() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(wide) = Wide::new() {
                return Self(Kind::Avx512(wide));
            }
            if let Some(half) = Half::new() {
                return Self(Kind::Avx2(half));
            }
        }
        Self(Kind::Portable)
    }
}
