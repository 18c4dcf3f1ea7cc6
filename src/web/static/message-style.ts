/** message */
export const messageStyle = ``;
