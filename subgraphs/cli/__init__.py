"""The platform's own verbs of `plait`, for those who operate it (plait.yaml names them).

worker     run the loops of some roles, or of all
migrate    bring the tables up to date
dlq        messages that were given up: look, mend, try again, let go
effect     payments, mails and the like: look, have done what was given up, let go
epoch      tell the other databases that this one was restored from a backup
projection read models: look, build anew, go back, get past what stops them
replay     deliver a part of the past to one consumer again
keys       the keys that sign access tokens: look, have another one sign
saga       sagas: look, find those that are late, cancel
prune      delete what is old and done with
mail       what people were told, where nothing leaves the machine

opening    the platform over the data folder or database that the options name, or one clear line why not
output     tables for people, JSON for programs
times      how long ago, and when
"""
