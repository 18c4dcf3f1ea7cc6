export default `メーリングリスト $display_name に新しい会員が加わりました。

    $member
`;
