/** The oldest major version that the libraries declare to work with; the same as in package.json. */
const oldestNode = 22;

/** What to say to a version of Node that is too old; undefined for one that will do. */
export function complaintAboutNode(version: string): string | undefined {
  if (Number(version.split('.')[0]) >= oldestNode) return undefined;
  return `syncwarden needs Node.js ${oldestNode} or newer, and this is ${version}. https://nodejs.org/en/download`;
}
