// Starts real servers for the tests.
