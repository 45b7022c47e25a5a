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
    spool.came_out(job_id, whole=True)                   # the cashier's answer to a doubt
    spool.stop()

`layouts.to_picture(receipt, profile)` is the preview, dot for dot what the printer prints.
`printing.virtual` is a printer on a local port for demos and tests. This package knows vouchers
only; python-escpos, babel and qrcode are imported when the first document is laid out.
"""
