"""What an execution environment is made of: its process, limits, output, code and runtimes."""
