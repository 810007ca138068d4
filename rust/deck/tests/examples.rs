//! The examples run, and what they state of their own answers holds.

#[path = "../examples/in_blocks.rs"]
mod in_blocks;
#[path = "../examples/one_call.rs"]
mod one_call;

#[test]
fn a_call_from_sheet_to_charge() {
    one_call::main().expect("an example that runs");
}

#[test]
fn a_column_of_calls_by_a_deck_in_a_file() {
    in_blocks::main().expect("an example that runs");
}
