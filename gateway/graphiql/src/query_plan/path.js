/** A plan path as people write it: `["courses", "@", "author"]` is `courses[].author`. */
export const pathText = (path) => path.map(String).join('.').replaceAll('.@', '[]');
