"""Who may speak to the server: enrolment, sign-in, revocation."""
