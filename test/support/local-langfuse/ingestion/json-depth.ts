/** Levels of objects and arrays; walks without recursion, since the point is to survive what breaks the stack. */
export function depthOf(value: unknown): number {
  let depth = 0;
  let level: object[] = isObject(value) ? [value] : [];
  while (level.length > 0) {
    depth += 1;
    level = level.flatMap((parent) => Object.values(parent).filter(isObject));
  }
  return depth;
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}
