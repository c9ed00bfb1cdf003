"""Clips -> labelled pictures -> a student of our own.

labelled: a picture and what is in it. teacher, taught: what the large models see. measured: what KICKY measured itself.
autolabel: clips -> data set. dataset: the data set on disk. foreign: data sets made elsewhere. tiles: pictures ->
native-resolution tiles. recipe, train, runs: data set -> student, and how that went. ballnet: films -> a
small network that sees the flying ball alone. judge: how well a student sees.
"""
