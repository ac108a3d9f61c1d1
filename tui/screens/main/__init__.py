"""The main screen: the panels of a session and the actions on them.

`main_screen.py` draws the session; each `*_actions.py` holds the actions of one kind; `past_session.py` shows a
recorded session.
"""
