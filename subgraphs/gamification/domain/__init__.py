"""The model of playing.

player             a player's experience, level, streak and badges
achievements       what players are rewarded for
xp_calculator      what an achievement is worth
level_calculator   which level a total reaches
streak             days in a row
calendar           which day it is where a player lives
badge_evaluator    which badges a standing deserves
quests             what players are asked for each day
errors             what the rules answer when they say no
period             the weeks and months of the leaderboards
events             what happened
"""
