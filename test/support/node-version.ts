/** Whether the Node that runs the tests can run OpenTelemetry JS 3.x, which needs 22.15. */
export const CAN_RUN_SDK_3: boolean = isAtLeast(process.versions.node, 22, 15);

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
