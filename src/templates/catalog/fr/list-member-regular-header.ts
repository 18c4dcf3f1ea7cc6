/** Nothing unless somebody writes a text for it. */
export default '';
