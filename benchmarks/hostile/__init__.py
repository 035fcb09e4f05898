"""What hostile files cost the workers, and whether any of thousands of damaged ones gets the better of them."""
