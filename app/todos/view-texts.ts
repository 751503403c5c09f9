/** The heading and the sentence above each of the views that show all lists. */
export const viewTexts = {
  today: { title: 'Today', description: 'Due today or overdue, of all your lists.' },
  upcoming: { title: 'Upcoming', description: 'Due in the days to come, of all your lists.' },
  completed: { title: 'Completed', description: 'All that is done, of all your lists.' },
} as const
