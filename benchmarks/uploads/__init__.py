"""How the whole site bears load: real web, worker, clock, database and broker on loopback, and many visitors."""
