export default `The attached message came to the bounce address of the mailing list
$listname. Either it is not a bounce, or it does not say which member
it is about.

If you can tell from it that an address no longer works, you may want
to look after that member yourself.
`;
