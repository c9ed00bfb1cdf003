"""Runs -> a report to keep or to send: tables in words, curves, the clips that went wrong.

tables: figures in words. document: all of it as plain values. page: the same as one HTML file. gallery: stills of clips
that went wrong. files: what is written where.
"""
