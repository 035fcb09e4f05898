"""Measuring the matching on a folder of pictures and a list of pairs, in a scratch site of its own.

`pairs` reads what is known, `collection` the files, `scratch` makes and removes the site, `laying` stores pictures,
`asking` asks about one, `crew` spreads both over processes, `report` counts, `document` and `tables` tell.
"""
