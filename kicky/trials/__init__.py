"""Labelled clips x detectors x downstreams -> runs, each film looked at once.

labelled: the clips and what is true of them. kept: what is remembered, by the hash of all it rests on.
downstream: what may be made of one detector's evidence. running: all of it together.
"""
