export default `Your address $sender_email has sent us one more message that the
$display_name mailing list would answer automatically. You have
already had $count such answers today. So that two machines cannot
write to each other without end, this is the last one until tomorrow;
your messages themselves still arrive.

If you have questions, please write to the owners of the list at
$owneremail.
`;
