"""Conference endpoints and the service that they register at: what follows from the declared network."""
