"""What every domain package needs and none owns: jobs to run, mail to send, an audit trail."""
