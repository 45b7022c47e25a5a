"""Documents, their layouts, renderers, printers and the spool.

From a receipt to paper:

    receipt = Receipt(venue=catalogue.venue, language="de", number="K1-000123", ...)
    job = new_job(receipt, printer="receipts", reference=receipt.number, at=now)
        # a plain value: add it to the journal in the transaction of the sale

    layouts = LayoutBook.load(venue_folder)
    printers = {"receipts": open_printer("receipts", "tcp://127.0.0.1:9100", find_profile(name))}
    spool = Spool(store, printers, layouts, on_news)     # store fulfils printing.spool.SpoolStore
    spool.start()
    spool.wake()                                         # after each sale
    spool.open_jobs(), spool.troubles()                  # what has not come out, and why
    spool.came_out(job_id, whole=True)                   # the cashier's answer to a doubt
    spool.give_to(job_id, other)                         # while nothing of it has left
    spool.use(layouts), spool.use_printers(printers)     # from the next job on
    spool.stop()

Beside it: `copy_of(receipt)` for a reprint; `layouts.to_picture`, `page` and `to_pdf` show
what would be printed, dot for dot; `printing.printers.discovery.discover()` finds printers and
`printing.printers.check.print_test_page()` tries one. `printing.virtual` is a printer on a local
port for demos and tests. This package knows vouchers only; python-escpos, babel and qrcode are
imported when the first document is laid out. Why it is so: docs/decisions/02*.md.
"""
