"""Looking at a document without writing it anywhere: a child process reads it through a pipe."""
