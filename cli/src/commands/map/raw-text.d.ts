/** A file's content: part of what is written, and compiled into the command. */
declare module "*?raw" {
  const text: string;
  export default text;
}
