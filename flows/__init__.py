"""When and from where: sources, stages, schedules, configuration and the command line."""
