"""Referral lists, on the secure side only: from a signed pack and the restricted store to one file per partner.

`making.make_lists` makes them. The app never imports this room.
"""
