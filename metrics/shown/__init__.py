"""Answers of the metrics API as people read them: rounded once, with units, in words.

Pure: plain answers in, plain texts out. What moves on a page is written twice, here for the first
paint and under static/js/shown for what scripts poll, module by module of the same name;
tests/browser/test_words_agree.py holds the two together.
"""
