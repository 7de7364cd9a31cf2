"""What every domain package needs and none owns: jobs to run later, mail to send, an audit trail."""
