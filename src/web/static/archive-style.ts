/** archive */
export const archiveStyle = ``;
