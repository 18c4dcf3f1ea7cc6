export default `Un nouveau membre a rejoint la liste de diffusion $display_name :

    $member
`;
