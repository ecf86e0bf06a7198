"""What a process tells about itself.

instruments  what it counts and measures as it goes
"""
