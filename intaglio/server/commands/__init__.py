"""What the commands for services do. The command line names these functions by string, so that other commands load none of it."""
