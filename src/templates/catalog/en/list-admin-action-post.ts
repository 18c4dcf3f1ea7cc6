export default `A post to the $display_name mailing list is waiting for your decision.

    List:    $listname
    From:    $sender_email
    Subject: $subject

These are the reasons why it was held:

$reasons

The post is attached. You can decide about it on the web pages of the
list, or by a reply to the other message that is attached, which
explains how.
`;
