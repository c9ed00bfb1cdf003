"""Answers held against the truth: scores with intervals, runs compared on the same clips, and what may be claimed.

Pure: plain values in and out. What makes the answers is `kicky.trials`.
"""

from .nouns import OVERALL, Answer, Case, Frame, Run, Truth, answer_from_json, run_from_json

__all__ = ["OVERALL", "Answer", "Case", "Frame", "Run", "Truth", "answer_from_json", "run_from_json"]
