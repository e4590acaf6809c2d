"""Status lists: is a credential still good?"""
