export default `This is a digest of the $display_name mailing list. Please send your
own posts to

    $got_list_email

To join or leave the list, and for help with it, send a message with
the word "help" as its subject to

    $got_request_email

The people who look after the list can be reached at

    $got_owner_email

If you answer something that you read here, please give your answer
the subject of that post, and quote no more of it than your readers
need.
`;
