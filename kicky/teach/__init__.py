"""Clips -> labelled pictures -> a student of our own.

teacher: clip -> what the large models see in it. autolabel: clips -> data set. dataset: the data set on disk.
foreign: data sets made elsewhere. tiles: pictures -> native-resolution tiles. train: data set -> student.
"""
