"""Value on a card: the layout of the purse, the loading protocol and the card's journal.

Value and log change together or not at all, because the card commits both at once; the till's
journal brackets that commit, so that after any interruption the next tap settles what happened
(docs/decisions/0301-purse-layout.md, 0302-card-journal.md).
"""
