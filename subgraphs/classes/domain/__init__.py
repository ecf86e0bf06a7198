"""The model of classes: people who learn together, or one alone, and how many meetings they have left.

school_class        a class with its enrolments and unlocked lessons: the aggregate
enrollment          a student in it: which meetings they were at, and how many they have left
schedule            when a class meets
values              types, statuses, titles, credits: valid once they exist
credit_calculator   what attendance costs
enrollment_policy   who may still join
package_policy      whether there may be more or fewer meetings
attendance_policy   which meetings may be marked
unlock_policy       who may open lessons, and how many
events              what happened
errors              what the rules answer when they say no
"""
