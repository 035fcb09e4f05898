"""How the search behaves in a library of a million pictures and more: made-up libraries, questions, and clocks."""
