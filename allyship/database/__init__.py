"""Who may do what in the database: the roles, their rights, and what refuses a process that has too many."""
