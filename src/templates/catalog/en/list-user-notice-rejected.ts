export default `Your message to the $listname mailing list has not been accepted.
These are the reasons:

$reasons

Your message is attached as it reached us.
`;
