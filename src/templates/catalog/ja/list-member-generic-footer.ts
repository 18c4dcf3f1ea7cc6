export default `____________________________________________________________
メーリングリスト $display_name: $listname
退会するには $short_listname-leave@$domain にメールをお送りください。
`;
