//! Numbers that were found, judged by a number plan.

use crate::digits::Digits;
use crate::error::Broken;
use crate::number_plan::NumberPlan;
use crate::record::Reason;
use crate::trie::Slot;
use crate::trie::block::{BLOCK, Block};
use crate::view::{Found, View};

impl View<'_> {
    /// Why a number that leads to `found` can be none by a plan; an entry of the deck for the whole
    /// number wins over the plan.
    pub fn judge(
        &self,
        plan: &NumberPlan,
        number: &Digits,
        found: Option<Found>,
    ) -> Result<Option<Reason>, Broken> {
        let Some(reason) = plan.judge(number) else { return Ok(None) };
        let is_listed = match found {
            Some(found) => self.terms_of(found.entry)?.exact_match,
            None => false,
        };
        Ok(Some(reason).filter(|_| !is_listed))
    }

    /// The same for the first `rows` numbers of a block, after they were found: those that can be none
    /// lead nowhere, and are reported.
    #[inline]
    pub fn judge_block(
        &self,
        plan: &NumberPlan,
        block: &mut Block,
        rows: usize,
        mut tell: impl FnMut(usize, Reason),
    ) -> Result<(), Broken> {
        let rows = rows.min(BLOCK);
        // Mostly nothing speaks against any, and to see that costs half of what a list does.
        let numbers = block.key[..rows].iter().zip(&block.count[..rows]);
        if numbers.clone().fold(true, |all, (key, count)| all & plan.is_clear(*key, *count)) {
            return Ok(());
        }
        let mut list = [0_u16; BLOCK];
        let mut left = 0;
        for (at, (key, count)) in numbers.enumerate() {
            list[left & (BLOCK - 1)] = at as u16;
            left += usize::from(!plan.is_clear(*key, *count));
        }
        for at in &list[..left.min(BLOCK)] {
            let at = usize::from(*at) & (BLOCK - 1);
            let (slot, count) = (block.slot[at], block.count[at]);
            let Some(reason) = plan.reason(block.key[at], count) else { continue };
            let may_be_listed = slot != Slot::NONE && self.is_conditional(slot) && self.digits(slot) == count;
            if !(may_be_listed && self.terms_of(self.entry(slot))?.exact_match) {
                block.slot[at] = Slot::NONE;
                tell(at, reason);
            }
        }
        Ok(())
    }
}
