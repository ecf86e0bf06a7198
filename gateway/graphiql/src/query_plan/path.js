/** A plan path as people write it: `["courses", "@", "author"]` is `courses[].author`; `|[User]` is a type condition. */
export const pathText = (path) => path.map(String).join('.').replaceAll('.@', '[]').replaceAll('.|[', '|[');
