"""The HTTP API: routes by what they are about, who may use them, and what is said when something is wrong."""
