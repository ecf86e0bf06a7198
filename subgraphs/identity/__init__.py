"""Who somebody is: users, their profiles, logins and roles."""
