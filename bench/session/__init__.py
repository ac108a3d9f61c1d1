"""A session: its events folded into results, and its file.

`session.py` folds events, `results.py` holds what is known of a case, `case_list.py` has all of them,
`journal_writer.py` and `journal_reader.py` write and read the file, `keeper.py` keeps events in it, `history.py` lists
earlier sessions. It imports plans and the waist.
"""
