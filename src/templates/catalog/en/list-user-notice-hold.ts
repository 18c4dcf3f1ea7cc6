export default `Thank you for your message to the mailing list $listname with the
subject

    $subject

It has not been sent to the members yet, because a moderator has to
look at it first. These are the reasons:

$reasons

You need not do anything. Your message goes to the list as soon as a
moderator has accepted it. If you have questions, please write to
$owner_email.
`;
