export default `次の会員がメーリングリスト $display_name から退会しました。

    $member
`;
